"""On Record beside other retrieve-and-read systems: same passages, same weights, same questions, one run.

`python -m benchmarks.peers --data DIR` measures; docs/evaluation.md says what each system was given and what came out.

    questions.py      what is indexed and what is asked
    export_hf.py      the shipped reader's weights, in the format that the peers load
    environments.py   each peer's own virtual environment, from its pinned requirements
    systems/          one script a system, run as a child process in its environment; serving.py is their protocol
    child.py          the other end of that protocol
    scoring.py        figures from what came back: pure, and the same for all
    report.py         the table
"""
