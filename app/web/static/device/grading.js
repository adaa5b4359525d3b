// From the answers of one area to a suggested grade, as rubrics/grading.py does it. The ladder is data: `facts` are
// made by app/inspections/suggested.py, with the conditions as counts and the reasons as sentences.
//
// `answers` is a Map from a criterion's id to its answer; one that is absent is not assessed.

// `grade` is null while the span between `best` and `worst` is open; all three are null where nothing is suggested.
export function suggest(facts, answers) {
  const missing = ids(facts.criteria.filter(({ id }) => !answers.has(id)));
  const counted = facts.criteria.some(({ id }) => facts.counted.includes(answers.get(id)));
  if (!facts.ladder.length || !(counted || missing.length)) {
    return { grade: null, best: null, worst: null, reasons: [], missing };
  }
  const best = climb(facts, answers, facts.counted.at(0));
  const worst = climb(facts, answers, facts.counted.at(-1));
  const closed = best.grade === worst.grade;
  return {
    grade: closed ? best.grade : null,
    best: best.grade,
    worst: worst.grade,
    reasons: closed ? best.reasons : [],
    missing,
  };
}

// Whether a decision must be motivated: it differs from the suggestion or lies outside the open span.
export function owesReason(facts, suggestion, decided) {
  if (suggestion.best === null || suggestion.worst === null) return false;
  const place = facts.scale.indexOf(decided);
  return place < facts.scale.indexOf(suggestion.best) || place > facts.scale.indexOf(suggestion.worst);
}

// The causes of the suggestion, or of the span: [{ criteria: [ids], told }].
export function why(facts, suggestion, answers) {
  if (suggestion.grade) {
    const rung = facts.ladder.find(({ grade }) => grade === suggestion.grade);
    return suggestion.reasons.length ? [{ criteria: suggestion.reasons, told: rung.gives }] : [];
  }
  if (!suggestion.best) return [];
  const causes = [];
  for (const rung of facts.ladder) {
    if (!rung.kind) break;
    const hit = hits(facts, rung, (id) => answers.get(id));
    if (hit.length > rung.tolerated) {
      causes.push({ criteria: hit, told: rung.holds });
      break; // better grades are out of reach
    }
    const waiting = ids(facts.criteria.filter(({ id, kind }) => kind === rung.kind && !answers.has(id)));
    if (waiting.length && hit.length + waiting.length > rung.tolerated) {
      causes.push({ criteria: waiting, told: rung.waits });
    }
  }
  return causes;
}

// The grade of the first rung that holds, and the criteria that made it hold.
function climb(facts, answers, otherwise) {
  for (const rung of facts.ladder) {
    if (!rung.kind) return { grade: rung.grade, reasons: [] };
    const hit = hits(facts, rung, (id) => answers.get(id) ?? otherwise);
    if (hit.length > rung.tolerated) return { grade: rung.grade, reasons: hit };
  }
  return { grade: null, reasons: [] };
}

function hits(facts, rung, answered) {
  return ids(facts.criteria.filter(({ id, kind }) => kind === rung.kind && rung.of.includes(answered(id))));
}

function ids(criteria) {
  return criteria.map(({ id }) => id);
}
