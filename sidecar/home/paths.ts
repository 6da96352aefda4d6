/**
 * Where a path of the contract stands for this node.
 *
 * @param home '' inside a pod; on one machine the folder that holds the node's files
 * @param path an absolute path of the contract
 */
export const locate = (home: string, path: string): string => home + path;
