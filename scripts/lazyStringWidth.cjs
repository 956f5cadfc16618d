/** string-width for the quick commands: making its tables takes 20 ms, and hardly any text goes beyond ASCII. */
module.exports = (text) =>
  /^[ -~]*$/.test(text) ? text.length : require("../node_modules/string-width/index.js").default(text);
