"""Where messages wait: folders, IMAP, who sent them, and what they answer."""
