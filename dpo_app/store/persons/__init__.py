"""Tables of persons as sets: lists, search, plans, staging, merging, corrections, enquiries."""
