import { type Route, serve } from '../contract/serve.ts';
import * as contract from './contract.ts';
import type { SignIn } from './sign-in.ts';

export function signInRoutes(signIn: SignIn | undefined): Route[] {
  return [serve(contract.showSignIn, () => ({ status: 200, body: { signIn: signIn ?? null } }))];
}
