"""Mail that comes back: bounces, complaints, and readers who leave by mail. Nothing counts that we did not sign."""
