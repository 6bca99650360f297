"""HTTP: routes, wire shapes, authentication, errors. The only code that knows the web framework."""
