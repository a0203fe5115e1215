import { guarded } from "./setup/guard.mjs";

guarded(() => import("./setup/notices-command.mjs"));
