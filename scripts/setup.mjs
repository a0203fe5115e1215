import { guarded } from "./setup/guard.mjs";

guarded(() => import("./setup/setup-command.mjs"));
