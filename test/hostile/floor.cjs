// What the yaml package alone takes for as much as is ever composed of one file: the measure of a machine and its load.
const { parseAllDocuments } = require("yaml");
parseAllDocuments(
  Array.from({ length: 39_000 }, (_, at) => `k${at}: 1\n`).join(""),
  { uniqueKeys: false, logLevel: "silent" },
);
