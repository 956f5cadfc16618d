export { type VirtualClock, virtualClock } from "../../contract/virtualClock.js";
