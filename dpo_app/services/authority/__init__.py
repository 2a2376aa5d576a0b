"""Write notices to authorities and record what became of them."""
