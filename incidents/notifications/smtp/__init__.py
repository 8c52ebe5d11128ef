"""SMTP of our own on the session set-up of smtplib: several connections, each pipelined, driven by one thread."""
