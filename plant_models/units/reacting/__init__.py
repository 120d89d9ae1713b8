"""Units with reactions: converter, stirred reactor, batch vessel."""
