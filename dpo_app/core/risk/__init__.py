"""How grave a breach is: the ENISA severity method and the EDPB's factors, worked out step by step."""
