/**
 * Tells whether dn2 can run on a Node version: it needs require() of ES modules without a flag. Written in syntax that
 * the versions it turns away can read.
 *
 * @param {string} version - as in process.versions.node, for example "20.19.0"
 * @returns {string} one sentence with the remedy, or "" when the version is fine
 */
export function nodeVersionProblem(version) {
  const [major, minor] = version.split(".").map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 23) return "";
  return `dn2 needs Node 20.19 or newer (of Node 22, 22.12), and this is Node ${version}; install Node 22 or 24 from nodejs.org or with \`nvm install 22\`, then run the same command again`;
}
