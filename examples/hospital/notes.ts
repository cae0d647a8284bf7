import type { Classification } from '@cloister/core';
import { anselmNotes } from './anselm-notes.ts';
import { lakesideNotes } from './lakeside-notes.ts';

/** One clinical or reception note. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly label: Classification;
  /** Groups of which a reader must hold one. */
  readonly acl: readonly string[];
}

/** One tenant of the assistant. */
export interface Hospital {
  readonly id: string;
  readonly name: string;
  /** Full names of patients and relatives: the tenant's dictionary for masking. */
  readonly patients: readonly string[];
  readonly notes: readonly Note[];
}

/** Two invented hospitals. Each has a patient whose blood thinner was changed after a visit in March, for another reason. */
export const hospitals: readonly Hospital[] = [
  {
    id: 'st-anselm',
    name: 'St. Anselm Hospital',
    patients: [
      'Maria Kowalski',
      'Anna Kowalski',
      'Thomas Brandt',
      'George Whitfield',
      'Aisha Rahman',
      'Samuel Okafor',
      'Elena Petrova',
      'Hassan Yildiz',
      'Ruth Abernathy',
      'Priya Natarajan',
      'Ingrid Solberg',
      "Daniel O'Connor",
      'Victor Lemaire',
    ],
    notes: anselmNotes,
  },
  {
    id: 'lakeside-general',
    name: 'Lakeside General',
    patients: [
      'Maria Kowalska',
      'Pawel Kowalska',
      'Oliver Grant',
      'Chloe Dubois',
      'Peter Nakamura',
      'Fatima El-Amin',
      'Ewan McAllister',
      'Rosa Delgado',
      'Henrik Lund',
      'Nadia Haddad',
      'Walter Finch',
      'Joan Pritchard',
      'Tomas Varga',
    ],
    notes: lakesideNotes,
  },
];

/** What the clinician asks in the demo. */
export const question = "What changed in Maria Kowalski's medication after the March visit, and why?";
