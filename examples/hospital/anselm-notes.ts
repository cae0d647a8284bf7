import type { Note } from './notes.ts';

/** Notes of St. Anselm Hospital. Every person, number and address is invented. */
export const anselmNotes: readonly Note[] = [
  {
    id: 'sa-card-001',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, January 9, 2026. Maria Kowalski (DOB 04/17/1958, MRN SA-204417, phone (617) ' +
      '555-0142) was seen for permanent atrial fibrillation and mild heart failure.\n' +
      'She takes metoprolol 50 mg twice daily, warfarin adjusted to her INR, lisinopril 10 mg and ' +
      'spironolactone 25 mg. She walks two blocks before she has to rest. Blood pressure was 128/76 mmHg, ' +
      'heart rate 62, and there was no ankle swelling. The last three INR values were 2.1, 2.6 and 2.4. No ' +
      'change to her medication today. Next visit in March, with an echocardiogram and blood tests a week ' +
      'before.',
  },
  {
    id: 'sa-card-002',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, the March visit, March 12, 2026. Maria Kowalski (MRN SA-204417) reports dizziness' +
      ' when she stands up and one near fall in the kitchen.\n' +
      'Resting heart rate was 44, blood pressure 98/60 mmHg. Her INR swung between 1.6 and 4.1 over the ' +
      'past eight weeks although she takes her tablets as written, and she has had two nosebleeds. The ' +
      'echocardiogram shows an ejection fraction of 48 percent, unchanged. A 24-hour recording was ' +
      'requested the same day. Plan: decide on metoprolol and warfarin once the recording is read; she was ' +
      'told to rise slowly and to call if she faints.',
  },
  {
    id: 'sa-card-003',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Medication decision, March 16, 2026, for Maria Kowalski (DOB 04/17/1958, MRN SA-204417).\n' +
      "First change in Maria Kowalski's medication after the March visit: metoprolol was reduced from 50 mg" +
      ' to 25 mg twice daily because her resting heart rate was 44 and she was dizzy on standing. Second ' +
      "change in Maria Kowalski's medication after the March visit: warfarin was stopped and replaced by " +
      'apixaban 5 mg twice daily because her INR swung between 1.6 and 4.1 in spite of good adherence. ' +
      'Creatinine was 0.9 mg/dL and weight 71 kg, so the full dose applies. Lisinopril and spironolactone ' +
      'stay as they were. She received a new medication card and was called at (617) 555-0142; her daughter' +
      ' repeated the instructions back to us.',
  },
  {
    id: 'sa-card-004',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Telephone follow-up, March 30, 2026. Spoke with Ms Kowalski two weeks after the change. The ' +
      'dizziness is gone, her home readings show a pulse of 58 to 66, and she has had no further nosebleeds' +
      ' since apixaban replaced warfarin.\n' +
      'She asked whether she may take ibuprofen for her knee; advised against it together with apixaban and' +
      ' suggested paracetamol. She mentions a dry cough at night that has troubled her for about a month. ' +
      'We will look at the cough at the next visit. A summary was sent to maria.kowalski@example.org at her' +
      ' request.',
  },
  {
    id: 'sa-card-005',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, April 20, 2026. Maria Kowalski, MRN SA-204417. The dry cough persists and ' +
      'disturbs her sleep; chest examination and chest film are clear.\n' +
      'Lisinopril 10 mg was replaced by losartan 50 mg once daily because the cough is most likely caused ' +
      'by the ACE inhibitor. Metoprolol 25 mg twice daily and apixaban 5 mg twice daily continue unchanged.' +
      ' Potassium is 5.0 mmol/L, at the upper limit, so spironolactone was left at 25 mg for now. Blood ' +
      'tests again in four weeks. She is pleased with the pulse and has had no dizziness since the dose was' +
      ' lowered.',
  },
  {
    id: 'sa-card-006',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Laboratory review, May 18, 2026. Maria Kowalski (DOB 04/17/1958, MRN SA-204417). Potassium has risen' +
      ' to 5.8 mmol/L while creatinine is steady at 1.0 mg/dL.\n' +
      'Spironolactone was stopped because the potassium reached 5.8 after losartan had been started. She ' +
      'was called at (617) 555-0142 the same afternoon, has no palpitations and no weakness, and an ' +
      'electrocardiogram done in the walk-in clinic shows no change. Potassium to be repeated after one ' +
      'week; salt substitutes are to be avoided. The cough has cleared completely since lisinopril was ' +
      'replaced.',
  },
  {
    id: 'sa-card-007',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, June 22, 2026. Maria Kowalski feels well and walks for thirty minutes without a ' +
      'rest. Pulse 64, blood pressure 122/74 mmHg, weight 70 kg.\n' +
      'Potassium has come down to 4.6 mmol/L since spironolactone was stopped. Her card now lists ' +
      'metoprolol 25 mg twice daily, apixaban 5 mg twice daily and losartan 50 mg once daily. No bleeding, ' +
      'no falls. Her daughter Anna Kowalski, who sorts the tablets, can be reached at ' +
      'anna.kowalski@example.net. Next visit in six months unless symptoms return; no further change ' +
      'planned.',
  },
  {
    id: 'sa-card-008',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, February 3, 2026. Thomas Brandt (DOB 11/02/1949, MRN SA-198330, phone ' +
      '617-555-0168) came four weeks after a drug-eluting stent to the left anterior descending artery.\n' +
      'He has no chest pain and climbs three flights of stairs. He takes aspirin 81 mg, clopidogrel 75 mg, ' +
      'atorvastatin 80 mg and ramipril 5 mg. LDL cholesterol is 61 mg/dL. Some bruising on the forearms, no' +
      ' other bleeding. Clopidogrel is to continue for twelve months from the procedure. He was referred to' +
      ' cardiac rehabilitation and will start on February 17.',
  },
  {
    id: 'sa-card-009',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiac rehabilitation report, April 28, 2026. Thomas Brandt completed 22 of 24 sessions. His ' +
      'exercise capacity rose from 5.1 to 7.4 METs, and his resting pulse fell from 78 to 68.\n' +
      'He stopped smoking on February 20 and uses a nicotine patch. Atorvastatin was lowered from 80 mg to ' +
      '40 mg because of muscle pain in both thighs; creatine kinase was normal at 142 U/L. LDL on the lower' +
      ' dose is 66 mg/dL, still within target. He may return to part-time work as a bus mechanic. Contact: ' +
      't.brandt@example.com.',
  },
  {
    id: 'sa-card-010',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Device clinic, March 4, 2026. George Whitfield (DOB 08/23/1941, MRN SA-177052) attended for a check ' +
      'of his dual-chamber pacemaker.\n' +
      'Battery life is estimated at 5.5 years. Atrial pacing 34 percent, ventricular pacing 97 percent, all' +
      ' thresholds stable. Two episodes of atrial fibrillation of less than six minutes each since ' +
      'November, without symptoms. No change to programming. He takes bisoprolol 2.5 mg and simvastatin 20 ' +
      'mg. Remote monitoring was set up with his son, who can be called at (617) 555-0119. Next check in ' +
      'the device clinic in six months.',
  },
  {
    id: 'sa-card-011',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Inpatient cardiology, March 21, 2026. Aisha Rahman (DOB 02/11/1972, MRN SA-211908) was admitted with' +
      ' worsening breathlessness and a weight gain of 5 kg in nine days.\n' +
      'She had stopped furosemide after a stomach infection and not started it again. Intravenous ' +
      'furosemide 80 mg twice daily was given for three days with a weight loss of 4.6 kg. ' +
      'Sacubitril-valsartan 24/26 mg was started in place of enalapril, with 36 hours between the two. ' +
      'Discharged on furosemide 40 mg daily. Her husband keeps the weight diary. Phone (617) 555-0187.',
  },
  {
    id: 'sa-card-012',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Heart failure nurse visit, April 9, 2026. Aisha Rahman, MRN SA-211908, two weeks after discharge. ' +
      'Weight 78.2 kg, stable within 0.4 kg; no swelling; sleeps on one pillow.\n' +
      'Blood pressure 106/64 mmHg without dizziness. Sacubitril-valsartan was raised to 49/51 mg twice ' +
      'daily because she tolerates the starting dose and potassium is 4.4 mmol/L. Dapagliflozin 10 mg was ' +
      'added. She knows to pause both on days of vomiting or fever and to call the nurse line. Diary and ' +
      'readings go to aisha.rahman@example.org every Monday.',
  },
  {
    id: 'sa-card-013',
    label: 'confidential',
    acl: ['cardiology', 'surgery'],
    text:
      'Pre-operative assessment, March 25, 2026. Samuel Okafor (DOB 06/30/1963, MRN SA-206641) is planned ' +
      'for repair of an inguinal hernia. He had a bioprosthetic aortic valve in 2021 and takes aspirin 81 ' +
      'mg only.\n' +
      'Echocardiogram this month: mean gradient 11 mmHg, no leak. He manages more than 4 METs. There is no ' +
      'objection to general anaesthesia. Aspirin may continue through the operation. Antibiotic prophylaxis' +
      ' is needed for dental work, not for this procedure. Please call cardiology on the day if the heart ' +
      "rhythm changes. Patient's phone: 617-555-0131.",
  },
  {
    id: 'sa-onc-001',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, March 10, 2026. Elena Petrova (DOB 09/05/1966, MRN SA-215577) attended before her ' +
      'fourth cycle of adjuvant paclitaxel for breast cancer.\n' +
      'She reports numbness in the fingertips of both hands, grade 1, and can still button her shirt. ' +
      'Neutrophils 2.1, platelets 188, haemoglobin 11.2. The dose was kept, and cooling gloves will be used' +
      ' during infusion. Letrozole will begin after radiotherapy. She asked about swimming and may go when ' +
      'her port site is dry. Results may be left on voicemail at (617) 555-0155.',
  },
  {
    id: 'sa-onc-002',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, April 14, 2026. Elena Petrova, MRN SA-215577. Numbness has reached grade 2: she ' +
      'drops small objects and wakes at night with burning soles.\n' +
      'Paclitaxel was reduced by 20 percent for the remaining cycles because of the neuropathy, and ' +
      'duloxetine 30 mg was started for pain. Blood counts are sufficient for treatment. She will see the ' +
      'physiotherapist about balance. Her sister drives her on treatment days. The radiotherapy planning ' +
      'scan is booked for May 12. Contact by e-mail: elena.petrova@example.com.',
  },
  {
    id: 'sa-onc-003',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, May 6, 2026. Hassan Yildiz (DOB 12/19/1955, MRN SA-201263) was reviewed on his ' +
      'second line of treatment for colorectal cancer with liver metastases.\n' +
      'The scan shows a partial response: the largest lesion went from 41 to 26 mm. He has diarrhoea three ' +
      'to four times a day, controlled with loperamide. FOLFIRI continues with irinotecan reduced to 80 ' +
      'percent. CEA has fallen from 88 to 31. Weight is steady at 74 kg. He and his wife would like a break' +
      ' of two weeks in July, which we support. Phone (617) 555-0173.',
  },
  {
    id: 'sa-onc-004',
    label: 'confidential',
    acl: ['oncology'],
    text:
      'Tumour board, May 20, 2026. Case of Ruth Abernathy (DOB 03/08/1944, MRN SA-188904), newly found 14 ' +
      'mm nodule in the right upper lobe with moderate uptake.\n' +
      'Lung function: FEV1 1.4 litres, 62 percent of predicted. The board advises a biopsy before treatment' +
      ' and, if malignant, stereotactic radiotherapy rather than surgery because of her lung function and ' +
      'her own wish. No enlarged nodes. The findings will be discussed with her and her niece on May 27. ' +
      'General practitioner informed by letter. Her phone is 617-555-0126.',
  },
  {
    id: 'sa-surg-001',
    label: 'confidential',
    acl: ['surgery'],
    text:
      'Day surgery, April 2, 2026. Samuel Okafor (MRN SA-206641) had an open mesh repair of a left inguinal' +
      ' hernia under general anaesthesia, 52 minutes, without complication.\n' +
      'Aspirin was continued as cardiology advised. He passed urine and walked before discharge at 4 p.m. ' +
      'Pain control with paracetamol 1 g four times daily and oxycodone 5 mg if needed, six tablets. No ' +
      'lifting above 5 kg for four weeks. The wound will be looked at on April 13. He may call the ward at ' +
      'any time; his own number is 617-555-0131.',
  },
  {
    id: 'sa-surg-002',
    label: 'confidential',
    acl: ['surgery'],
    text:
      'Surgical follow-up, April 13, 2026. Samuel Okafor, DOB 06/30/1963. The wound is dry and closed, with' +
      ' a firm ridge under the scar as expected and no sign of infection.\n' +
      'He needed only two of the oxycodone tablets and handed in the rest. He has returned to desk work and' +
      ' walks daily. Heart sounds unchanged. No fever. He may swim from next week and lift normally from ' +
      'the first of May. No further visit is planned; he was told what would be a reason to come back. A ' +
      'copy of this note goes to s.okafor@example.net.',
  },
  {
    id: 'sa-surg-003',
    label: 'confidential',
    acl: ['surgery'],
    text:
      'Emergency surgery, May 2, 2026. Priya Natarajan (DOB 07/14/1989, MRN SA-219405) was admitted with 18' +
      ' hours of pain that moved to the right lower abdomen.\n' +
      'White cells 15.8, CRP 64, ultrasound with an appendix of 11 mm. Laparoscopic removal the same ' +
      'evening; inflamed, not perforated. She received a single dose of cefazolin and metronidazole. She ' +
      'has a documented rash with penicillin. Eating by the next morning and discharged on May 4. Stitches ' +
      'dissolve. She can be reached at (617) 555-0148 or priya.n@example.org.',
  },
  {
    id: 'sa-med-001',
    label: 'confidential',
    acl: ['cardiology', 'oncology'],
    text:
      'General medicine, February 24, 2026. Ingrid Solberg (DOB 10/27/1950, MRN SA-193718) was seen for ' +
      'tiredness and a haemoglobin of 9.8 g/dL.\n' +
      'Ferritin is 9, and she has taken naproxen daily for her hip since autumn. Naproxen was stopped and ' +
      'pantoprazole 40 mg begun because a bleeding ulcer is likely; gastroscopy is booked for March 3. Iron' +
      ' was given by infusion since tablets upset her stomach. Blood pressure 136/82 mmHg. She lives alone ' +
      'and a neighbour looks in every day. Contact number 617-555-0110.',
  },
  {
    id: 'sa-med-002',
    label: 'confidential',
    acl: ['cardiology', 'oncology'],
    text:
      'General medicine, March 17, 2026. Ingrid Solberg, MRN SA-193718. The gastroscopy showed a ' +
      'clean-based ulcer of 8 mm in the antrum, and the test for Helicobacter was positive.\n' +
      'She completes fourteen days of pantoprazole, amoxicillin and clarithromycin on March 19. Simvastatin' +
      ' was paused during clarithromycin because the two interact. Haemoglobin has risen to 11.4. She uses ' +
      'paracetamol for her hip and is on the list for a replacement. A breath test follows in six weeks. ' +
      'Letter sent to ingrid.solberg@example.com.',
  },
  {
    id: 'sa-med-003',
    label: 'confidential',
    acl: ['cardiology'],
    text:
      "Diabetes clinic, April 23, 2026. Daniel O'Connor (DOB 01/30/1960, MRN SA-200096) came with an HbA1c " +
      'of 8.9 percent, up from 7.6 a year ago.\n' +
      'He works nights and skips meals. Gliclazide was stopped after two episodes of low sugar at work, and' +
      ' empagliflozin 10 mg was added to metformin because he also had a heart attack in 2019. Foot ' +
      'examination normal, kidney function normal. A sensor was fitted for two weeks. He will see the ' +
      'dietitian with his shift plan. Phone (617) 555-0194.',
  },
  {
    id: 'sa-rec-001',
    label: 'internal',
    acl: ['reception', 'cardiology'],
    text:
      'Reception, March 2, 2026. Maria Kowalski called to confirm the visit in the heart clinic on March 12' +
      ' at 9:40. She asked for a ground-floor room because the lift was out of order last time.\n' +
      'She will come with her daughter and needs a parking permit for one car. Her new phone number is ' +
      '(617) 555-0142; the old number was removed from the file. Reminder by text message was switched on. ' +
      'Insurance card checked, valid until the end of the year. Interpreter not needed. The letter with ' +
      'directions went to maria.kowalski@example.org.',
  },
  {
    id: 'sa-rec-002',
    label: 'internal',
    acl: ['reception', 'cardiology'],
    text:
      'Reception, April 6, 2026. Maria Kowalski asked to move the visit of April 15 to April 20 because of ' +
      'a family wedding. New time 11:15, same room, confirmed by e-mail to maria.kowalski@example.org.\n' +
      'Blood test slot kept on April 13 at 8:00, no breakfast before. The daughter, Anna Kowalski, may ' +
      'collect letters on her behalf; the signed form is in the file. Parking permit extended. Nothing else' +
      ' was discussed. Please note that she prefers calls after 10 in the morning.',
  },
  {
    id: 'sa-rec-003',
    label: 'internal',
    acl: ['reception', 'cardiology'],
    text:
      'Reception, February 10, 2026. Thomas Brandt called about the start of his rehabilitation course. ' +
      'First session February 17 at 14:00 in the gym on level 2, then Tuesdays and Fridays.\n' +
      'He needs a taxi voucher until he may drive again; form given to the ward clerk. Emergency contact is' +
      ' his brother, 617-555-0169. He asked for the bill of his stay to be sent again to ' +
      't.brandt@example.com, which was done. The address in the file was confirmed. Please remind him to ' +
      'bring sports shoes.',
  },
  {
    id: 'sa-rec-004',
    label: 'internal',
    acl: ['reception', 'oncology'],
    text:
      'Reception, April 15, 2026. Elena Petrova needs all treatment days on Wednesdays because her sister ' +
      'can drive only then. The next three dates are April 22, May 6 and May 20, chair 4, from 8:30.\n' +
      'The planning appointment on May 12 stays as it is. She asked for written directions to the ' +
      'radiotherapy entrance, sent to elena.petrova@example.com. Voicemail may be used at (617) 555-0155. ' +
      'Lunch on treatment days: vegetarian. Her insurance asked for a new referral form, which the clinic ' +
      'secretary has requested.',
  },
  {
    id: 'sa-rec-005',
    label: 'internal',
    acl: ['reception', 'surgery'],
    text:
      'Reception, April 1, 2026. Samuel Okafor was told to arrive tomorrow at 6:45, without food after ' +
      'midnight and with clear fluids until 5:00. He will be picked up by a colleague in the afternoon.\n' +
      'Contact for the day: 617-555-0131. He has brought his valve card and a list of allergies, none ' +
      'known. Locker key 17 was issued. The sick note should be made out for two weeks to begin with. He ' +
      'would like the discharge letter by e-mail at s.okafor@example.net as well as on paper.',
  },
  {
    id: 'sa-rec-006',
    label: 'internal',
    acl: ['reception'],
    text:
      'Reception, May 21, 2026. Victor Lemaire (DOB 05/16/1978, MRN SA-220031) registered as a new patient ' +
      'and asked for a first appointment in general medicine.\n' +
      'Offered June 4 at 10:20, accepted. He speaks French and English; an interpreter is not needed. ' +
      'Insurance details copied, consent form signed. He asked whether his old records can be requested ' +
      'from his former clinic; the form was given to him. Contact: (617) 555-0102 and ' +
      'victor.lemaire@example.net. Preferred pharmacy noted in the file. He was given the map and the ' +
      'parking rules.',
  },
  {
    id: 'sa-rec-007',
    label: 'internal',
    acl: ['reception'],
    text:
      "Reception, March 5, 2026. George Whitfield's son called to ask when the home monitor will be " +
      'delivered. According to the supplier it comes on March 9 between 8:00 and 12:00, and someone has to ' +
      'sign.\n' +
      'The son can be reached at (617) 555-0119 at any time. Mr Whitfield himself hears poorly on the ' +
      'telephone and prefers letters. The next device check was booked for September 2 at 13:30. A hearing ' +
      'loop is available in room 12, so the appointment was placed there. No other questions.',
  },
];
