"""An article that tries to be more than text wherever it is shown."""

TITLE = "Zebra\u2069\u202e crossing <script>window.pwned = 1</script> <img src=x onerror='window.pwned = 1'> reopens"
LINES = (
    "The zebra committee voted <b>in favour</b> of <script>window.pwned = 1</script> painting 41 stripes on Tuesday.",
    '🦓🦓 “Quagga keeper 𝔘na Ōkubo fed the quagga 12 melons 🍈,” a <a href="javascript:window.pwned=1">clerk</a> said.',
    "See [the plan](javascript:window.pwned=1), javascript:window.pwned=1 or https://evil.example/#:~:text=not,this.",
    "The \u202eetanimixorppa\u202c mayor of Zebraville promised that \u2067the bidi override\u2069 stays where it is.",
    f"{'Llanfairpwllgwyngyll' * 20} was the longest word in the report.",
)
ARTICLE = "\n\n".join([TITLE, *LINES])
QUESTIONS = ("What did the zebra committee vote for?", "What did the mayor of Zebraville promise?")

REORDERED = """root => {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility() || node.parentElement.closest('.control, .visually-hidden')) continue;
    for (let at = 0; at < node.length; at += 1) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (!box.width) continue;
      const sameLine = last && box.top < last.bottom - 2 && last.top < box.bottom - 2;
      if (sameLine && box.left < last.left) found.push(node.data.slice(at, at + 12));
      last = box;
    }
  }
  return found;
}"""
"""Where, below an element, text does not run from left to right in the order in which it is written."""
