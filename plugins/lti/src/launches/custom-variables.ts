import type { LaunchContext, LaunchRequest } from '../exports.js';
import type { variableNames } from '../platform.js';

/** Values of the variables of one launch, by name. Undefined: not released to the tool. */
export type Variables = Record<string, string | undefined>;
type KnownVariables = Record<(typeof variableNames)[number], string | undefined>;

/** Personal data for the tool. Absent members are not released. */
export interface Identity {
  given_name?: string;
  family_name?: string;
  name?: string;
  email?: string;
}

export const membership = (role: LaunchRequest['role']) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${role}`;

/** A path given to a class is a course section; one that a teacher opens while making it is a template (LTI 1.3 Core, appendix A.1). */
export const contextType = ({ kind }: LaunchContext): string =>
  `http://purl.imsglobal.org/vocab/lis/v2/course#${kind === 'template' ? 'CourseTemplate' : 'CourseSection'}`;

export interface VariableSources {
  sub: string;
  identity: Identity;
  request: LaunchRequest;
  locale: string;
  returnUrl: string;
  documentTarget: string;
  toolPlatform: { guid: string; name: string; url: string; product_family_code: string; version: string };
}

export function variablesOf({
  sub,
  identity,
  request,
  locale,
  returnUrl,
  documentTarget,
  toolPlatform,
}: VariableSources): KnownVariables {
  const { context, lineItem } = request;
  return {
    'User.id': sub,
    'Person.name.given': identity.given_name,
    'Person.name.family': identity.family_name,
    'Person.name.full': identity.name,
    'Person.email.primary': identity.email,
    'Membership.role': membership(request.role),
    'Context.id': context?.id,
    'Context.title': context?.title,
    'Context.label': context?.title,
    'Context.type': context === null ? undefined : contextType(context),
    'CourseSection.title': context?.kind === 'template' ? undefined : context?.title,
    'CourseTemplate.title': context?.kind === 'template' ? context.title : undefined,
    'ResourceLink.id': request.resourceLinkId,
    'ResourceLink.title': request.title,
    'LineItem.title': lineItem?.label,
    'LineItem.resultValue.max': lineItem === null ? undefined : String(lineItem.scoreMaximum),
    'Message.locale': locale,
    'Message.returnUrl': returnUrl,
    'Message.documentTarget': documentTarget,
    'ToolPlatform.productFamilyCode': toolPlatform.product_family_code,
    'ToolPlatform.version': toolPlatform.version,
    'ToolPlatformInstance.guid': toolPlatform.guid,
    'ToolPlatformInstance.name': toolPlatform.name,
    'ToolPlatformInstance.url': toolPlatform.url,
  };
}

/**
 * Replaces variables in custom parameters (LTI 1.3 Core §5.4.6). A value is a variable if it consists of `$` and a known name. Variables
 * that are unknown or not released are sent unchanged.
 */
export function substitute(custom: Record<string, string>, variables: Variables): Record<string, string> {
  const value = (text: string) =>
    (text.startsWith('$') && Object.hasOwn(variables, text.slice(1)) ? variables[text.slice(1)] : undefined) ?? text;
  return Object.fromEntries(Object.entries(custom).map(([name, text]) => [name, value(text)]));
}
