"""Things that live in scenes: people, animals, craft. All are drawn by code from jointed shapes."""
