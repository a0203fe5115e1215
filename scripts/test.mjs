import { guarded } from "./setup/guard.mjs";

guarded(() => import("./setup/test-command.mjs"));
