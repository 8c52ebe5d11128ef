"""What readers tell us: that something affects them too."""
