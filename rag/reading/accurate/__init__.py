"""The accurate reader: all-mpnet-base-v2 with learnt deltas, made ready on first use and run by onnxruntime.

base_weights → merging → int8 → graph → prepared → reader, each importing only what stands before it.
"""
