"""Compiling: the lesson's tests as code, made once for a class, where no answer is."""
