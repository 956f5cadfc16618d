export declare const quickCommands: readonly string[];
