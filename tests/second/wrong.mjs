/** What ends an audit: the log is not as the format has it, or goes on under rules that this program lacks. */
export class Wrong extends Error {}

export const wrong = (what) => {
    throw new Wrong(what);
};
