/** Defines <onrecord-chat>. A classic script, so that a plain tag is enough; what it runs are the modules beside it. */
import(new URL("static/chat-element.js", document.currentScript.src).href).catch((error) => {
  console.error("<onrecord-chat> cannot be loaded.", error);
});
