import type { Note } from './notes.ts';

/** Notes of Lakeside General. Every person, number and address is invented; none of them is known at St. Anselm. */
export const lakesideNotes: readonly Note[] = [
  {
    id: 'lg-onc-001',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, January 14, 2026. Maria Kowalska (DOB 08/29/1961, MRN LG-771032, phone (312) ' +
      '555-0136) started capecitabine 2000 mg twice daily after surgery for colon cancer.\n' +
      'She has a port in the right arm and takes dalteparin injections for a clot around it that was found ' +
      'in December. Blood counts are normal. She is a teacher and hopes to return to work in summer. Hand ' +
      'cream and the signs of hand-foot syndrome were explained. Next visits before each cycle, the third ' +
      'of them in March, with a blood test two days before.',
  },
  {
    id: 'lg-onc-002',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, the March visit, March 11, 2026. Maria Kowalska (MRN LG-771032) has painful red ' +
      'palms with blisters and can no longer hold chalk; this is grade 2 hand-foot syndrome.\n' +
      'She also finds the daily dalteparin injections hard to bear, and her abdomen is covered with ' +
      'bruises. Platelets are 131 and kidney function is normal. Capecitabine was paused for one week. ' +
      'Plan: lower the dose once the skin has healed, and look for a tablet instead of the injections. She ' +
      'will send photographs of her hands to the clinic.',
  },
  {
    id: 'lg-onc-003',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Medication decision, March 19, 2026, for Maria Kowalska (DOB 08/29/1961, MRN LG-771032).\n' +
      "First change in Maria Kowalska's medication after the March visit: capecitabine was reduced from " +
      "2000 mg to 1500 mg twice daily because of the hand-foot syndrome. Second change in Maria Kowalska's " +
      'medication after the March visit: dalteparin was replaced by rivaroxaban 20 mg once daily because ' +
      'she could not bear the injections and the clot is stable on ultrasound. Urea cream three times a day' +
      ' continues. She was called at (312) 555-0136 and repeated the new doses back to us. The pharmacy has' +
      ' taken the remaining syringes. Please do not add other blood thinners without asking us first.',
  },
  {
    id: 'lg-onc-004',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Telephone follow-up, April 2, 2026. Ms Kowalska reports that her palms have healed and that she ' +
      'slept well for the first time in weeks. She tolerates rivaroxaban without bleeding.\n' +
      'On the lower dose of capecitabine she has mild nausea in the mornings, helped by ondansetron 4 mg. ' +
      'She asked about a trip to her mother in May and may travel between cycles. Blood counts on Monday ' +
      'were sufficient: neutrophils 2.4, platelets 156. A letter for the airline about her medication was ' +
      'sent to m.kowalska@example.org.',
  },
  {
    id: 'lg-onc-005',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, May 13, 2026. Maria Kowalska, MRN LG-771032, before the sixth cycle. Skin grade 1 ' +
      'only, weight 64 kg, no tingling in the feet.\n' +
      'Capecitabine stays at 1500 mg twice daily. Ondansetron was replaced by metoclopramide because it ' +
      'caused headaches. Rivaroxaban will end in June, six months after the clot, if the ultrasound is ' +
      'clear. The scan after treatment is booked for July 8. She plans to return to half her teaching hours' +
      ' in September. Her husband Pawel keeps the list of tablets and may be called at (312) 555-0137.',
  },
  {
    id: 'lg-onc-006',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, February 18, 2026. Oliver Grant (DOB 03/03/1970, MRN LG-768214) was seen in the ' +
      'second month of osimertinib for lung cancer with an EGFR mutation.\n' +
      'The cough has almost gone and he has gained 2 kg. A dry rash on the trunk is treated with ' +
      'hydrocortisone cream. The electrocardiogram shows a QTc of 438 ms. The brain scan planned for March ' +
      'was explained. He drives again with the agreement of the clinic. Phone 312-555-0151. He would like ' +
      'to speak with the social worker about sick pay.',
  },
  {
    id: 'lg-onc-007',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, April 8, 2026. Oliver Grant, MRN LG-768214. The first scan on osimertinib shows ' +
      'that the primary went from 38 to 19 mm and the two spots in the brain are no longer seen.\n' +
      'Treatment continues at 80 mg once daily. Loose stools twice a day need no medicine. His liver values' +
      ' are normal. He was advised to tell any doctor about osimertinib before antibiotics are prescribed, ' +
      'since some of them prolong the QT interval. Next scan in twelve weeks. Results were also sent to ' +
      'oliver.grant@example.com.',
  },
  {
    id: 'lg-onc-008',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Oncology clinic, March 3, 2026. Chloe Dubois (DOB 11/21/1984, MRN LG-774490) came for the result of ' +
      'her sentinel node biopsy: two nodes, both free of tumour.\n' +
      'The breast tumour measured 12 mm, grade 2, hormone receptor positive. Chemotherapy is not needed ' +
      'according to the genomic test with a score of 11. Radiotherapy over three weeks begins on March 23, ' +
      'then tamoxifen 20 mg daily for at least five years. Fertility was discussed and she has an ' +
      'appointment in April. Phone (312) 555-0164.',
  },
  {
    id: 'lg-onc-009',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Radiotherapy review, April 1, 2026. Chloe Dubois, second week of treatment. Skin redness grade 1, ' +
      'treated with a plain cream. She is tired in the afternoon and rests for an hour.\n' +
      'She has decided to begin tamoxifen in May, after the last session on April 10. Paroxetine was ' +
      'changed to venlafaxine 37.5 mg by her family doctor because paroxetine weakens the effect of ' +
      'tamoxifen. No swelling of the arm. She may exercise as she likes. Reports go to ' +
      'chloe.dubois@example.net.',
  },
  {
    id: 'lg-onc-010',
    label: 'restricted',
    acl: ['oncology'],
    text:
      'Haematology clinic, March 24, 2026. Peter Nakamura (DOB 05/09/1953, MRN LG-760087) is in his third ' +
      'year of ibrutinib for chronic lymphocytic leukaemia.\n' +
      'He has had palpitations since February, and a recording shows short runs of atrial fibrillation. ' +
      'Ibrutinib was replaced by acalabrutinib 100 mg twice daily because of the fibrillation. Lymphocytes ' +
      '6.2, haemoglobin 13.1. No blood thinner for now since his risk score is 1 and he bruises easily. ' +
      'Cardiology will see him within two weeks. Phone 312-555-0190.',
  },
  {
    id: 'lg-onc-011',
    label: 'confidential',
    acl: ['oncology'],
    text:
      'Palliative care visit at home, May 7, 2026. Walter Finch (DOB 02/26/1939, MRN LG-742615) has ' +
      'advanced pancreatic cancer and wishes to stay in his own house.\n' +
      'Pain is 3 of 10 on a fentanyl patch of 25 micrograms per hour, with morphine drops before washing. ' +
      'He eats small portions and enjoys ice cream. His daughter sleeps in the next room and knows how to ' +
      'give the drops. A hospital bed comes on Monday. The team visits on Tuesdays and Fridays and can be ' +
      "called day and night; the family's number is (312) 555-0128.",
  },
  {
    id: 'lg-onc-012',
    label: 'confidential',
    acl: ['oncology'],
    text:
      'Survivorship clinic, May 19, 2026. Joan Pritchard (DOB 10/12/1957, MRN LG-733908), seven years after' +
      ' treatment for ovarian cancer, without any sign of return.\n' +
      'CA-125 is 9. Her main concern is balance: she fell on ice in January and has had numb feet since ' +
      'chemotherapy. Physiotherapy twice a week was prescribed and the bone density measured, with a ' +
      'T-score of -1.9. Vitamin D 1000 units daily was started. Yearly visits continue. She would be glad ' +
      'to talk to new patients in the support group. E-mail: joan.pritchard@example.org.',
  },
  {
    id: 'lg-card-001',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, April 7, 2026. Peter Nakamura (DOB 05/09/1953, MRN LG-760087) was referred from ' +
      'haematology with short runs of atrial fibrillation under ibrutinib, which has been changed since.\n' +
      'Echocardiogram normal, left atrium 36 mm. A second recording over seven days on acalabrutinib shows ' +
      'a single run of 20 seconds. No rate control is needed. Blood thinning was discussed and not started,' +
      ' because the risk of stroke is low and the bleeding tendency is real. Recording again in three ' +
      'months. He can be reached at 312-555-0190.',
  },
  {
    id: 'lg-card-002',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, March 18, 2026. Fatima El-Amin (DOB 06/06/1968, MRN LG-755321) has resistant high' +
      ' blood pressure, 172/98 mmHg at home on three medicines.\n' +
      'The tests point to an overactive adrenal gland: aldosterone is high and renin is low. Spironolactone' +
      ' 25 mg was added to amlodipine, olmesartan and chlorthalidone because of this result. Potassium 3.4 ' +
      'before the start, to be repeated in one week. A scan of the adrenal glands is booked for March 31. ' +
      'Salt intake was discussed with her and her daughter. Phone (312) 555-0109.',
  },
  {
    id: 'lg-card-003',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology clinic, April 22, 2026. Fatima El-Amin, MRN LG-755321. Home readings now average 138/84 ' +
      'mmHg. Potassium 4.5 mmol/L.\n' +
      'Chlorthalidone was stopped because she was light-headed in the mornings and no longer needs it. The ' +
      'scan shows a 13 mm nodule on the left; vein sampling was offered, and she wants to think about it. ' +
      'Spironolactone 25 mg continues. She was told that breast tenderness can occur in women as well. Her ' +
      'readings come by e-mail from f.elamin@example.com each Sunday.',
  },
  {
    id: 'lg-card-004',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology ward, May 11, 2026. Ewan McAllister (DOB 09/18/1946, MRN LG-749930) was admitted after a ' +
      'faint while mowing the lawn.\n' +
      'The murmur is loud, and the echocardiogram shows severe aortic stenosis with a valve area of 0.7 ' +
      'square centimetres. No rhythm disturbance during 72 hours on the monitor. The heart team recommends ' +
      'a catheter valve; the work-up CT is done. Amlodipine was stopped because of low pressure after ' +
      'meals. He must not drive until after the procedure on June 3. His wife is at 312-555-0175.',
  },
  {
    id: 'lg-card-005',
    label: 'restricted',
    acl: ['cardiology'],
    text:
      'Cardiology ward, June 5, 2026. Ewan McAllister received a 29 mm catheter valve through the right ' +
      'groin on June 3. Mean gradient 9 mmHg, no leak, no pacemaker needed.\n' +
      'Aspirin 81 mg alone is continued. The groin is soft with a small bruise. He walked the corridor ' +
      'twice on the first day. Discharge on June 6 with a visit after thirty days. Driving again after four' +
      ' weeks if there is no further faint. The antibiotic card for dental work was handed over. Letter to ' +
      'ewan.mcallister@example.net.',
  },
  {
    id: 'lg-med-001',
    label: 'confidential',
    acl: ['oncology', 'cardiology'],
    text:
      'General medicine, February 26, 2026. Rosa Delgado (DOB 12/01/1975, MRN LG-766102) has had migraine ' +
      'with aura since her twenties, now six days a month.\n' +
      'Topiramate was stopped because she could not find words in meetings. Candesartan 8 mg was started in' +
      ' its place, which also suits her pressure of 142/90. Sumatriptan stays for attacks, at most nine ' +
      'days a month. She does not take the contraceptive pill. A diary app was recommended. Review in ten ' +
      'weeks. Contact number (312) 555-0183.',
  },
  {
    id: 'lg-med-002',
    label: 'confidential',
    acl: ['oncology', 'cardiology'],
    text:
      'General medicine, May 8, 2026. Rosa Delgado, MRN LG-766102. The diary shows three attack days in ' +
      'April against six before; pressure is 126/80 mmHg.\n' +
      'Candesartan was raised to 16 mg because she still has three days a month and feels no side effect. ' +
      'Kidney values and potassium are normal. She sleeps better since she stopped coffee after noon. She ' +
      'asked about magnesium, which is fine at 400 mg. Next review in autumn. The prescription was sent to ' +
      'her pharmacy and a copy to rosa.delgado@example.org.',
  },
  {
    id: 'lg-med-003',
    label: 'confidential',
    acl: ['oncology', 'cardiology'],
    text:
      'General medicine, March 9, 2026. Henrik Lund (DOB 04/04/1959, MRN LG-758846) came with a swollen, ' +
      'hot right big toe for two days, the third attack since summer.\n' +
      'Uric acid is 9.1 mg/dL. Colchicine 0.5 mg twice daily was given for five days. Hydrochlorothiazide ' +
      'was replaced by losartan 50 mg because thiazides raise uric acid. Allopurinol 100 mg begins in two ' +
      'weeks and will be raised slowly. Beer was discussed without blame. No fever, no wound. He can be ' +
      'called at 312-555-0145 during the day.',
  },
  {
    id: 'lg-med-004',
    label: 'confidential',
    acl: ['cardiology'],
    text:
      'Respiratory clinic, April 16, 2026. Nadia Haddad (DOB 07/22/1991, MRN LG-776618) has had asthma ' +
      'since school and needed prednisone twice this winter.\n' +
      'She uses her blue inhaler daily. Budesonide-formoterol was started as the only inhaler, for relief ' +
      'and as maintenance, because she forgets a second one. Inhaler technique was corrected: she breathed ' +
      'in too fast. Peak flow 340, best 460. The cat sleeps in her bed, and she will try to change that. ' +
      'Review in six weeks. Her e-mail is nadia.haddad@example.com.',
  },
  {
    id: 'lg-med-005',
    label: 'confidential',
    acl: ['cardiology'],
    text:
      'Kidney clinic, May 26, 2026. Tomas Varga (DOB 01/15/1948, MRN LG-751477) has stage 3b kidney disease' +
      ' with an eGFR of 38, stable over two years.\n' +
      'Albumin in the urine fell from 620 to 310 mg/g after dapagliflozin was begun in November. Metformin ' +
      'was halved to 500 mg twice daily because of the eGFR. Pressure 131/77 mmHg on ramipril 10 mg. ' +
      'Haemoglobin 11.9, phosphate normal. He was told to avoid ibuprofen. The vaccination against ' +
      'pneumococci was given. Phone (312) 555-0117.',
  },
  {
    id: 'lg-rec-001',
    label: 'internal',
    acl: ['reception', 'oncology'],
    text:
      'Reception, March 4, 2026. Maria Kowalska confirmed the visit in the tumour clinic on March 11 at ' +
      '10:30 and the blood test two days before at 7:45. She asked for a chair near the window.\n' +
      'Her husband Pawel will bring her; parking on level 1 was reserved. Her phone is (312) 555-0136, and ' +
      'letters may go to m.kowalska@example.org. The school asked for a certificate of attendance, which ' +
      'she will collect herself. Insurance confirmed until December. Nothing further was discussed on the ' +
      'telephone.',
  },
  {
    id: 'lg-rec-002',
    label: 'internal',
    acl: ['reception', 'oncology'],
    text:
      'Reception, April 27, 2026. Maria Kowalska asked to move the visit of May 12 to May 13 because of ' +
      "parents' evening. New time 9:20. The scan on July 8 stays.\n" +
      'She would like the letter for the airline in English and Polish, request passed to the clinic. The ' +
      'reminder by text message goes to (312) 555-0136. Her identity card was renewed and copied. Please ' +
      'give her the form for travel costs at the next visit; she drives 38 miles each way.',
  },
  {
    id: 'lg-rec-003',
    label: 'internal',
    acl: ['reception', 'oncology'],
    text:
      'Reception, February 20, 2026. Oliver Grant called to ask for an appointment with the social worker. ' +
      'Offered March 2 at 15:00 in room 3, accepted.\n' +
      'He will bring the letter from his employer. The brain scan on March 30 was confirmed at 8:15, no ' +
      'metal, no food needed before. His number is 312-555-0151 and he prefers e-mail to ' +
      'oliver.grant@example.com. He asked for a copy of the scan on a disc for his brother, which needs his' +
      ' signature first. The form is at the desk.',
  },
  {
    id: 'lg-rec-004',
    label: 'internal',
    acl: ['reception', 'oncology'],
    text:
      'Reception, March 16, 2026. Chloe Dubois received the list of her fifteen sessions, every working day' +
      ' at 12:30 from March 23, machine B. She may use the staff car park for that time.\n' +
      'An appointment in the fertility clinic on April 21 was arranged by telephone. She can be reached at ' +
      '(312) 555-0164 after work. Her employer needs a certificate without details of the treatment; the ' +
      'wording was agreed with her. Reports by e-mail to chloe.dubois@example.net, consent signed.',
  },
  {
    id: 'lg-rec-005',
    label: 'internal',
    acl: ['reception', 'cardiology'],
    text:
      'Reception, May 14, 2026. The wife of Ewan McAllister called to ask about visiting hours and about ' +
      'the date of the procedure, June 3. She was given the number of the ward.\n' +
      'Her own number is 312-555-0175. Two visitors at a time, from 14:00 to 19:00. She will bring his ' +
      'hearing aids and glasses. A room in the guest house was reserved from June 2 to June 6. The cost was' +
      " explained and accepted. Mr McAllister's brother is not to be given information, as written in the " +
      'file.',
  },
  {
    id: 'lg-rec-006',
    label: 'internal',
    acl: ['reception'],
    text:
      'Reception, April 17, 2026. Nadia Haddad asked for the next lung function test outside school hours, ' +
      'since she works as a teaching assistant. Booked for May 28 at 16:10, room 21.\n' +
      'She should not use her inhaler for six hours before the test, unless she needs it. The leaflet was ' +
      'sent to nadia.haddad@example.com. Her surname was misspelled on the card and has been corrected. ' +
      'Phone for the day: 312-555-0199. She was reminded to bring her peak flow diary.',
  },
  {
    id: 'lg-rec-007',
    label: 'internal',
    acl: ['reception', 'oncology'],
    text:
      'Reception, May 8, 2026. The daughter of Walter Finch called: the hospital bed is to be delivered on ' +
      'Monday between 9:00 and 11:00, and the door code is with the supplier. Her number is (312) 555-0128.\n' +
      'She asked for a second set of the emergency numbers, sent by post today. The visit of the team on ' +
      'Tuesday was moved to 15:30. She thanked the nurses for their help. Please do not call before 8:30 in' +
      ' the morning since Mr Finch sleeps late.',
  },
  {
    id: 'lg-rec-008',
    label: 'internal',
    acl: ['reception', 'cardiology'],
    text:
      'Reception, April 23, 2026. Fatima El-Amin wants to talk about the vein sampling with her family ' +
      'before she decides. A call-back was arranged for May 4 at 17:00 on (312) 555-0109.\n' +
      'She asked for the leaflet in Arabic as well; the interpreter service sends it to ' +
      'f.elamin@example.com. Her next blood test is on May 18 at 7:30. The cuff of her home monitor is worn' +
      ' out, and the clinic lends her one until the new one arrives. Deposit paid, receipt 4471 issued.',
  },
];
