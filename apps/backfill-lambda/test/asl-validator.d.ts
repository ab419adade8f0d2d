/** It comes without types. */
declare module 'asl-validator' {
  export default function validateMachine(definition: object): { isValid: boolean; errorsText(): string };
}
