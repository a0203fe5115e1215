import { guarded } from "./setup/guard.mjs";

guarded(() => import("./setup/start-command.mjs"));
