"""Record what is known, see what follows, judge the risk, keep the evidence."""
