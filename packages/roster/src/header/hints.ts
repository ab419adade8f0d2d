// Bounded work for a cell of nothing but brackets: a hint has none within.
const HINT = /[([{（【［<]([^([{（【［<)\]}）】］>]*)[)\]}）】］>]/gu;
/** What forms say of a field that must be filled in, or need not be. */
const REQUIRED =
  /[\s:,\-–](?:required|mandatory|optional|pflichtfeld|pflicht|erforderlich|obligatoire|facultatif|obligatorio|opcional|obrigatório|obbligatorio|facoltativo|verplicht|optioneel|wymagane|povinné|obligatorisk|påkrævet|pakollinen|zorunlu|обязательно|обов['’]язково|必須|任意|必填|选填|필수|선택)\s*$/iu;
/** Beside the employee, files have other people's names, numbers and addresses. */
const SOMEBODY_ELSE =
  /manager|supervisor|superior|boss|emergency|spouse|partner|parent|guardian|next of kin|referrer|assistant|fax|vorgesetzt|notfall|responsable|urgence|urgencia|emergencia|emergenza|noodgeval|руковод|экстренн|керівник|緊急|紧急|上司|비상/iu;

/**
 * What a header cell reads without the hints in it, the likeliest first: `Email (required)`, `Company [legal name]`,
 * `Name [displayName] Required`. None where they are about somebody else.
 */
export function withoutHints(cell: string): string[] {
  if (SOMEBODY_ELSE.test(cell)) return [];
  const plain = cell.replace(HINT, ' ').replace(REQUIRED, '');
  if (plain === cell) return [];
  // Entra ID has the attribute in brackets: `User name [userPrincipalName]`.
  return [plain, ...[...cell.matchAll(HINT)].map(([, hint = '']) => hint)];
}
