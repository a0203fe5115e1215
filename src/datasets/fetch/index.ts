export { type CatalogEntry, type CatalogFile, isHere, readCatalog, type UnpackRule } from "./catalog.js";
export { type Fetched, type FetchOptions, fetchData } from "./fetch-data.js";
