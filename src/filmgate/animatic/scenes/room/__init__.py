"""What the interior scene is made of: its plan, the wall and its furniture, the light, the window and the view."""
