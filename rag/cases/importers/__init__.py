"""Question sets of other formats → article files and a case file, in a folder of their own.

A format is one module whose `convert` reads it and fills a `CaseFolder`. Data sets are streamed: what is held in memory
grows with the questions, never with the texts. Each module refuses, by line or record, what cannot become a case; then
nothing is left behind. The same input gives the same files, byte for byte. docs/case-files.md describes the formats.
"""
