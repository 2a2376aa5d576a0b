"""E-mail: servers and their replies, pace, arming, what comes back, and whether it is believed."""
