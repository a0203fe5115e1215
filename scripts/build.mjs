import { guarded } from "./setup/guard.mjs";

guarded(() => import("./setup/build-command.mjs"));
