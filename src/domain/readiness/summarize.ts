import { addSums } from './merge-hits.ts';
import type {
  LackedPermission,
  ReadinessReport,
  ReadinessSetting,
  ReadinessSummary,
  ReportedRule,
  RuleStatus,
  Step,
  Weight,
} from './report.ts';
import { headingOf, WEIGHTS } from './words.ts';

type Judged = Pick<ReadinessReport, 'limitations' | 'practices' | 'settings' | 'permissions' | 'templates'>;

/** The report in a few figures, and what to do first. */
export function summarize(report: Judged): ReadinessSummary {
  const { limitations, practices, settings, permissions } = report;
  const affected = limitations.filter(isAffected);
  const having = (status: RuleStatus): string =>
    String(limitations.filter((rule) => rule.status === status).length);
  const binding = settings.filter((each) => each.binding);
  const wrong = binding.filter(({ fits }) => fits === false);
  return {
    limitations: {
      affected: having('affected'),
      'cannot-tell': having('cannot-tell'),
      enforced: having('enforced'),
      'not-affected': having('not-affected'),
    },
    practices: String(practices.filter(isAffected).length),
    settingsToChange: distinct(wrong.map(({ setting }) => setting)),
    entitiesToChange: distinct(wrong.map(({ entity }) => entity)),
    settingsUnknown: distinct(binding.filter(({ fits }) => fits === null).map(({ setting }) => setting)),
    permissionsLacking: String(permissions?.length ?? 0),
    // What is merely taken otherwise is all accounted for, and of both signs: its sum would tell nothing.
    amounts: WEIGHTS.filter((weight) => weight !== 'changes').flatMap((weight) => {
      const sums = addSums(
        affected.filter((rule) => rule.weight === weight).flatMap(({ amounts }) => amounts),
      );
      return sums.length === 0 ? [] : [{ weight, sums }];
    }),
    first: stepsOf(report),
  };
}

const distinct = (names: readonly string[]): string => String(new Set(names).size);

export const isAffected = ({ status }: Pick<ReportedRule, 'status'>): boolean => status === 'affected';

/** Settings, permissions and rules that need a person, the gravest first; advice and plain reports do not. */
function stepsOf({ limitations, practices, settings, permissions, templates }: Judged): Step[] {
  const affected = limitations.filter(isAffected);
  const ofWeight = (weight: Weight): Step[] =>
    affected.filter((rule) => rule.weight === weight && rule.before !== null).map(ruleStep);
  return [
    ...settingSteps(settings),
    ...(permissions ?? []).map(permissionStep),
    ...templates.filter(({ needed, template }) => needed === true && template === null).map(templateStep),
    ...affected.filter(({ weight }) => weight === 'stops').map(ruleStep),
    ...ofWeight('changes'),
    ...ofWeight('reports'),
    ...practices.filter(isAffected).map(ruleStep),
    ...unreadSteps(limitations),
    ...unreadSettings(settings),
  ];
}

/** A step per setting, however many entities have it wrong. */
function settingSteps(settings: readonly ReadinessSetting[]): Step[] {
  const wrong = settings.filter(({ fits, binding }) => binding && fits === false);
  return [...new Set(wrong.map(({ setting }) => setting))].flatMap((id): Step[] => {
    const own = wrong.filter(({ setting }) => setting === id);
    const [first] = own;
    if (first === undefined) return [];
    const where = own.map(({ entity }) => entity).join(', ');
    return [
      {
        weight: 'blocks',
        title: `Set "${first.name}" to: ${first.required}`,
        what: `${first.why} In ${where}.`,
        rule: null,
      },
    ];
  });
}

const permissionStep = ({ what, kind, consequence, remedy }: LackedPermission): Step => ({
  weight: 'look',
  title:
    kind === 'setting' ? `Let the credentials read the ${what}` : `Give the credentials access to ${what}`,
  what: `${consequence} ${remedy}`.trim(),
  rule: null,
});

const templateStep = ({ entity, type }: Judged['templates'][number]): Step => ({
  weight: 'blocks',
  title: `Load and freeze a template of type ${type}`,
  what: `${entity} has rows that become lines of that type, and no default template forms them.`,
  rule: null,
});

const ruleStep = (rule: ReportedRule): Step => ({
  weight: rule.weight,
  title: rule.count === '0' ? headingOf(rule) : `${headingOf(rule)} (${rule.count})`,
  what: rule.before ?? rule.remedy,
  rule: rule.id,
});

/** Objects that Billing keeps back are among the permissions. */
function unreadSteps(limitations: readonly ReportedRule[]): Step[] {
  const objects = new Set(
    limitations
      .filter(({ status }) => status === 'cannot-tell')
      .flatMap(({ untold }) =>
        untold.filter(({ reason }) => reason === 'not-read').map(({ object }) => object),
      ),
  );
  if (objects.size === 0) return [];
  return [
    {
      weight: 'look',
      title: 'Let readiness look at what it could not see',
      what: `Nobody can tell some limitations without ${[...objects].join(', ')}: give the credentials the right to read them, and run readiness with --from billing.`,
      rule: null,
    },
  ];
}

const unreadSettings = (settings: readonly ReadinessSetting[]): Step[] =>
  settings.length > 0
    ? []
    : [
        {
          weight: 'look',
          title: 'Let readiness read the settings of Billing',
          what: 'None is known yet: run readiness where Billing can be asked, or `revsync settings run` first.',
          rule: null,
        },
      ];
