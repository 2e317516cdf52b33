"""Mails come in: who wrote (vetting), what it says (documents, replies, stating), what follows (polling).

No mail changes a rating, signs or approves anything, and none shows anything about a trip to anybody but its
contact. Whom nobody vouches for gets no answer.
"""
