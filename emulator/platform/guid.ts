/** Whether a text is a GUID as Azure takes them: of any version, in any case, without braces. */
export const isGuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
