"""Pages without a domain: landing and overview, search, verification of documents, contacts."""
