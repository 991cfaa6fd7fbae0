import { usageFault } from './usage-fault.ts';

type Explanation = {
  readonly path: string;
  readonly names: RegExp;
  readonly explain: (stack: string, region: string) => string;
};

/** By the names of errors, of the SDK and of AWS: their messages are for programs, or name the caller. */
const explanations: readonly Explanation[] = [
  {
    path: 'AWS region',
    names: /^Region (is missing|not accepted)/,
    explain: () => 'is missing, or is no name of one: export AWS_REGION, or AWS_PROFILE with a profile that has one',
  },
  {
    path: 'AWS credentials',
    names: /^CredentialsProviderError|^Could not load credentials/,
    explain: () => 'are missing: export AWS_PROFILE, or sign in with aws sso login or aws configure',
  },
  {
    path: 'AWS credentials',
    names: /Expired|^TokenProviderError/,
    explain: () => 'have expired: sign in again, for instance with aws sso login',
  },
  {
    path: 'AWS credentials',
    names: /^InvalidClientTokenId|^UnrecognizedClient|^SignatureDoesNotMatch|^InvalidSignature|^IncompleteSignature/,
    explain: () => 'are not accepted by AWS: check the access key, its secret and its session token',
  },
  {
    path: 'AWS credentials',
    names: /^AccessDenied|NotAuthorized|^UnauthorizedOperation|^OptInRequired/,
    explain: (stack, region) =>
      `may not describe the stack ${stack} in ${region}: allow cloudformation:DescribeStacks, or use those of another role`,
  },
];

/** Why a stack could not be read: a fault of configuration with its fix, or an error of the way to AWS. */
export function explainStackFault(error: unknown, stack: string, region = 'no region'): Error {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const known = explanations.find(({ names }) => names.test(name) || names.test(message));
  if (known !== undefined) return usageFault(known.path, known.explain(stack, region));
  if (name === 'ValidationError' && /does not exist/.test(message))
    return usageFault(
      stack,
      `there is no such stack in ${region}; check the name, AWS_REGION and whose credentials these are (aws sts get-caller-identity)`,
    );
  if (name === 'ValidationError')
    return usageFault(stack, 'is no name of a stack; the outputs of a deployment show it');
  return new Error(
    `${stack}: AWS CloudFormation did not answer in ${region}; check that the region exists and the network reaches it`,
    { cause: error },
  );
}
