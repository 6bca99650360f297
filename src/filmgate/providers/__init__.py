"""One file per upstream or local engine, each a translation between its wire protocol and `core.provider`."""
