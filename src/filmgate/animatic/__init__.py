"""`animatic-1`: the embedded pre-visualisation model. Reads a prompt, draws a scene; no neural network, no download.

`language` reads the prompt with its lexicon, `scenes` (or `pictures`) builds what is seen, `render` draws and encodes
the frames, `child` does that in a process of its own. docs/animatic.md has the map.
"""
