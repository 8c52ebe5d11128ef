"""Who wants to hear about what, and did they agree?"""
