import { clientMediaRoutes } from "./client-media.js";
import { clientProfileRoutes } from "./client-profile.js";
import { clientRegisterRoutes } from "./client-register.js";
import { clientRoomRoutes } from "./client-rooms.js";
import { clientSyncRoutes } from "./client-sync.js";
import { deviceRoutes } from "./devices.js";
import { historyRoutes } from "./history.js";
import { mediaRoutes } from "./media.js";
import { membershipRoutes } from "./membership.js";
import { miscRoutes } from "./misc.js";
import { noticeRoutes } from "./notices.js";
import { redactionRoutes } from "./redactions.js";
import { registerRoutes } from "./register.js";
import { registrationTokenRoutes } from "./registration-tokens.js";
import { roomDeleteRoutes } from "./room-delete.js";
import { roomRoutes } from "./rooms.js";
import type { Route } from "./router.js";
import { sessionRoutes } from "./session.js";
import { userListRoutes } from "./users-list.js";
import { userRoutes } from "./users.js";

/** Everything that this server answers. A new group of endpoints is one file and one line here. */
export const routes: Route[] = [
  ...userListRoutes,
  ...userRoutes,
  ...deviceRoutes,
  ...roomRoutes,
  ...membershipRoutes,
  ...roomDeleteRoutes,
  ...mediaRoutes,
  ...historyRoutes,
  ...redactionRoutes,
  ...registrationTokenRoutes,
  ...noticeRoutes,
  ...registerRoutes,
  ...sessionRoutes,
  ...clientRoomRoutes,
  ...clientMediaRoutes,
  ...clientProfileRoutes,
  ...clientRegisterRoutes,
  ...clientSyncRoutes,
  ...miscRoutes,
];
