"""The researcher's desk: the pages by which a study is written, launched and watched over."""
