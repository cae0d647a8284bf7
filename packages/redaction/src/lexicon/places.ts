const COUNTRIES =
  'Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas|Bahrain|' +
  'Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia|Botswana|Brazil|Brunei|Bulgaria|' +
  'Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Chad|Chile|China|Colombia|Comoros|Congo|Costa Rica|' +
  'Croatia|Cuba|Cyprus|Czechia|Czech Republic|Denmark|Djibouti|Dominica|Dominican Republic|Ecuador|Egypt|' +
  'El Salvador|Eritrea|Estonia|Eswatini|Ethiopia|Faroe Islands|Fiji|Finland|France|Gabon|Gambia|Georgia|Germany|' +
  'Ghana|Gibraltar|Greece|Greenland|Grenada|Guatemala|Guinea|Guyana|Haiti|Honduras|Hong Kong|Hungary|Iceland|' +
  'India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|' +
  'Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Macedonia|Madagascar|' +
  'Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Moldova|Monaco|Mongolia|Montenegro|Morocco|' +
  'Mozambique|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|Norway|Oman|' +
  'Pakistan|Palestine|Panama|Papua New Guinea|Paraguay|Peru|Philippines|Poland|Portugal|Puerto Rico|Qatar|Romania|' +
  'Russia|Rwanda|Samoa|San Marino|Saudi Arabia|Senegal|Serbia|Seychelles|Sierra Leone|Singapore|Slovakia|Slovenia|' +
  'Somalia|South Africa|South Korea|South Sudan|Spain|Sri Lanka|Sudan|Suriname|Sweden|Switzerland|Syria|Taiwan|' +
  'Tajikistan|Tanzania|Thailand|Togo|Tonga|Trinidad|Tunisia|Turkey|Turkmenistan|Uganda|Ukraine|' +
  'United Arab Emirates|United Kingdom|United States|United States of America|Uruguay|Uzbekistan|Vanuatu|' +
  'Venezuela|Vietnam|Yemen|Zambia|Zimbabwe|England|Scotland|Wales|Northern Ireland|Great Britain|Espa\u00f1a|' +
  'Deutschland|\u00d6sterreich|Schweiz|Italia|M\u00e9xico|Per\u00fa|Brasil';
const STATES =
  'Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana|' +
  'Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|' +
  'Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|' +
  'Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|West Virginia|' +
  'Wisconsin|Wyoming|Ontario|Quebec|British Columbia|Alberta|Manitoba|Saskatchewan|Nova Scotia|New South Wales|' +
  'Queensland|Bavaria|Saxony|Catalonia|Andalusia|Andaluc\u00eda|Catalu\u00f1a|Tuscany|Sicily|Normandy|Brittany|' +
  'Punjab|Kerala|Gujarat|Maharashtra|Tamil Nadu|Karnataka';
const CITIES =
  'Abu Dhabi|Accra|Adelaide|Albuquerque|Alicante|Amman|Amsterdam|Anchorage|Ankara|Antwerp|Athens|Atlanta|Auckland|' +
  'Austin|Baghdad|Bahia|Baltimore|Bangalore|Bangkok|Barcelona|Basel|Beijing|Beirut|Belfast|Belgrade|Bergen|Berlin|' +
  'Bern|Bilbao|Birmingham|Bogot\u00e1|Bogota|Bologna|Bonn|Bordeaux|Boston|Brasilia|Bratislava|Bremen|Brisbane|' +
  'Bristol|Brno|Brooklyn|Brussels|Bucharest|Budapest|Buenos Aires|Buffalo|Cairo|Calcutta|Calgary|Canberra|' +
  'Cape Town|Caracas|Cardiff|Casablanca|Charlotte|Chennai|Chicago|Cincinnati|Cleveland|Cologne|Copenhagen|' +
  'C\u00f3rdoba|Cork|Dallas|Damascus|Delhi|Denver|Detroit|Dhaka|Dortmund|Dresden|Dubai|Dublin|Durban|' +
  'D\u00fcsseldorf|Edinburgh|El Paso|Essen|Florence|Fort Worth|Frankfurt|Fresno|Fukuoka|Galway|Gdansk|Geneva|' +
  'Genoa|Ghent|Glasgow|Gothenburg|Granada|Graz|Guadalajara|Guangzhou|Hamburg|Hanoi|Hanover|Harare|Havana|Helsinki|' +
  'Hiroshima|Ho Chi Minh City|Honolulu|Houston|Hyderabad|Indianapolis|Innsbruck|Islamabad|Istanbul|Jacksonville|' +
  'Jakarta|Jeddah|Jerusalem|Johannesburg|Kampala|Kansas City|Karachi|Kathmandu|Khartoum|Kiev|Kinshasa|Kobe|' +
  'Kolkata|Krakow|Kuala Lumpur|Kyiv|Kyoto|La Paz|Lagos|Lahore|Las Vegas|Lausanne|Leeds|Leicester|Leipzig|Lille|' +
  'Lima|Limerick|Linz|Lisbon|Liverpool|Ljubljana|London|Los Angeles|Louisville|Luanda|Lyon|Madrid|M\u00e1laga|' +
  'Malm\u00f6|Manchester|Manhattan|Manila|Marrakesh|Marseille|Mecca|Medell\u00edn|Melbourne|Memphis|Mexico City|' +
  'Miami|Milan|Milwaukee|Minneapolis|Minsk|Monterrey|Montevideo|Montreal|Moscow|Mumbai|Munich|Murcia|Nagoya|' +
  'Nairobi|Naples|Nashville|New Delhi|New Haven|New Orleans|New York City|Newark|Newcastle|Nottingham|' +
  'Nuremberg|Oakland|Odessa|Omaha|Orlando|Osaka|Oslo|Ottawa|Oxford|Palermo|Paris|Perth|Philadelphia|Phoenix|' +
  'Pittsburgh|Porto|Portland|Prague|Pretoria|Quito|Reykjavik|Riga|Rio de Janeiro|Riyadh|Rome|Rotterdam|Sacramento|' +
  'Saint Petersburg|Salt Lake City|Salzburg|San Antonio|San Diego|San Francisco|San Jose|San Juan|Santiago|' +
  'Santo Domingo|S\u00e3o Paulo|Sao Paulo|Sarajevo|Seattle|Seoul|Sevilla|Seville|Shanghai|Sheffield|Shenzhen|' +
  'Sofia|Southampton|Stockholm|Strasbourg|Stuttgart|Sydney|Taipei|Tallinn|Tampa|Tashkent|Tbilisi|Tehran|Tel Aviv|' +
  'The Hague|Tokyo|Toronto|Toulouse|Tripoli|Trondheim|Tucson|Tulsa|Tunis|Turin|Utrecht|Valencia|Valladolid|' +
  'Vancouver|Venice|Vienna|Vilnius|Warsaw|Washington|Wellington|Winnipeg|Zagreb|Zaragoza|Zurich|Z\u00fcrich';

/** Countries, their large regions and large cities, in lower case. */
export const PLACES: ReadonlySet<string> = new Set(
  [COUNTRIES, STATES, CITIES].flatMap((list) => list.toLowerCase().split('|')),
);

/** The first words of {@link PLACES}. */
export const PLACE_BEGINNINGS: ReadonlySet<string> = new Set([...PLACES].map((place) => place.split(' ')[0] ?? ''));

/** Words in the longest name of {@link PLACES}. */
export const MOST_PLACE_WORDS = 5;

/** Peoples and languages: capital letters that name nobody. */
export const PEOPLES: ReadonlySet<string> = new Set(
  (
    'african american arab arabic argentine asian australian austrian belgian bengali brazilian british bulgarian canadian catalan chilean chinese ' +
    'christian colombian croatian cuban czech danish dutch egyptian english estonian european filipino finnish french german greek hebrew hindi ' +
    'hispanic hungarian icelandic indian indonesian iranian iraqi irish islamic israeli italian jamaican japanese jewish kenyan korean latin latvian ' +
    'lebanese lithuanian malaysian mandarin mexican moroccan muslim nepali nigerian norwegian pakistani palestinian persian peruvian polish ' +
    'portuguese punjabi romanian russian scottish serbian slovak slovenian spanish swedish swiss syrian taiwanese tamil thai tibetan tunisian ' +
    'turkish ukrainian urdu vietnamese welsh yiddish'
  ).split(' '),
);
