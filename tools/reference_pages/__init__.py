"""The reference pages, one module each: from the declarations in the code to Markdown in one language."""
