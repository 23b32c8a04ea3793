"""Discord: slash commands, buttons, forms, mentions and direct messages."""
