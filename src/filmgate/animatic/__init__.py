"""`animatic-1`: the embedded pre-visualisation model. Reads a prompt, draws a scene; no neural network, no download.

`parse` reads the prompt with the lexicon, `scenes` (or `imagemove`) builds a picture of it, `render` draws and encodes
its frames, `child` does that in a process of its own.
"""
