"""Linkage: which records are one person. Decision: Fellegi and Sunter's weights, learned without labels.

Looked at: hand-set weights (the same for every register, and nobody can say why five points are five), and a classifier
trained on labelled pairs (an officer has none, and other registers' labels carry other registers' errors). Weights from
expectation maximisation say how sure a match is as a probability, and each field's share of it can be shown. The price:
fields are taken as independent, so what hangs together (the parts of an address) is compared as one field.
"""
