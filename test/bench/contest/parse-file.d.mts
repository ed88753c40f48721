/** How many records the file held. */
export declare function parseFile(file: string): number;
