"""How any page is drawn, guarded and refused. Knows no feature: a room brings its own templates and routes."""
