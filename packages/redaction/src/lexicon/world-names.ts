/**
 * Given names of Africa, Asia and the parts of Europe that the list of given-names.ts, drawn up in the United States, hardly knows: whose
 * name is hidden must not depend on where it comes from. Without marks; words of English, and names that are rather those of places,
 * are left out.
 */
export const WORLD_NAMES: readonly string[] = (
  'aakash aarti abdi abdirahman abdullah abeer abena abhishek abimbola abiodun abiola achieng adaeze adanna adebayo adebola adekunle ademola adeola ' +
  'adesola adetokunbo aditi aditya adnan adwoa agnieszka ahlam ahmet aiko aino aisha aishwarya ajit akinwale akira akosua akshata akua aleksandar ' +
  'aleksandra alessia alexey alok alvaro amadou amaka amal amarachi aminata amir amira amit amrita anand ananya anas andrzej aneta angharad aniko anil ' +
  'anjali anke ankit ankur annika anuli anuradha aoife aparna archana arjun arpad arun asha ashish ashok ashwin asif atakan aurelien avi ayaan ayanda ' +
  'ayesha ayman ayodele ayotunde ayse aziza azubuike babatunde balaji balazs balwinder baran basma bassam beata behrouz bela bernd bhavesh bhavna bilal ' +
  'bogdan bogdana bohdan bohumil bojan bolanle boleslaw bongani borislav bozena branko bukola burak caio callum cansu caoimhe carys cerys chandan chetan ' +
  'chiara chibuzor chidera chidi chika chinedu chinwe chioma chipo chitra chukwudi chukwuemeka cian ciara cormac csaba czeslaw dalal damilola damla ' +
  'danuta dariush dariusz darshan dayo declan deepa deepak deepika defne dejan deniz derya devendra dezso dhruv diarmuid didier dilek dinesh divya dmitry ' +
  'dorota dragan dragana dragos dusan ebere ebru edyta eero efosa efua eilidh eirik eitan ejike ekene elcin elodie elzbieta emeka emine emre eniko eniola ' +
  'enitan eoin eren erzsebet esperanza ewa fabrice fadi fadia faduma faisal farai farid fatima fatimah fatma fatou femi ferenc fikret fionnuala folake ' +
  'freja funmilayo gabor ganesh gaurav gayatri gbenga geeta gennaro gergely ghada ghassan gheorghe girish gizem gopal gopi gordana govind grazyna ' +
  'grzegorz guenther gulay gunnar gurpreet gyorgy haakon habiba haitham hakan hala halil halima halina hamza hande harish harpreet haruka haruto hasan ' +
  'hassan hatem hatice heike heikki heinz helmut hema hemant henrique henryk hibo hieu hiroshi hitesh hodan hossain huda hussain huy hynek hyun ibrahima ' +
  'idris ifeanyi ifeoma ifrah ijeoma ikechukwu ildiko ilinca ilyas imad iman imran imre inaya inmaculada ionut ipek irem irfan ishaan isla ismail issam ' +
  'istvan itai iulia ivana iwona iyabo jacek jadwiga jagdish jamila jannik janusz jarmila jaromir jaroslaw jaspreet jatin jawad jaya jayesh jelani jelena ' +
  'jerzy jianguo jide jignesh jing jiri jisoo jitka jiwoo joao jochen jolanta jovan jozsef juha jukka julien jurgen kailash kajal kalpana kamal kamala ' +
  'kamau kapil karthik katarzyna katica katrin kauthar kaveh kavita kayode kazimierz kehinde keiko kelechi kemi kenji kerem ketan khadija khaled khalid ' +
  'kiara kinga kiran kofi kojo komal krzysztof kunal kveta kwabena kwame lachlan ladislav lajos lakshmi laleh lalit lamia lanre laszlo lata leandro ' +
  'lerato leszek levent libor liesel linh liviu ljiljana ljubica lubna lubomir ludmila luiza lukasz maciej madhav madhu magnus maher mahesh mahsa maja ' +
  'majid makena malak malgorzata mamadou mamta manal manisha manoj manpreet marcin marek mariama marisol marwan maryam marzena matheus mathieu maysa ' +
  'mazen meena meera megha mehdi mehmet melek merve mhairi mieczyslaw mihaela mihai mikhail mikko miklos milada milos miloslav ming minh minjun mircea ' +
  'mirjana miroslav miroslaw mitali modupe mohamed mohammad mohan mohit momcilo morenike mostafa moussa mridula mukesh munir murat mustafa mykola nabil ' +
  'nagesh najwa namrata nandini naoko narayan narendra naser nasrin nasser natalia naveen nawal nazli nebojsa neelam neeraj neha nenad nesrin ngozi ' +
  'nguyen nia niamh nicolae nikhil nilesh nilufer nisha nitin nizar njoroge nkechi nkiru nkosana nnamdi nneka noelia nomvula noor nour nuray nuria ' +
  'nwachukwu obafemi obinna odunayo oisin okan okechukwu oksana olabisi olatunji olayinka oleg oleksandr olufemi olumide oluwakemi oluwaseun oluwatobi ' +
  'omolara ondrej onur onyeka onyinye orhan orla orsolya osman otakar otieno ousmane ovidiu oyinkansola ozan ozge ozlem padma paivi pallavi parisa parth ' +
  'parvati pawel payal pekka pelin petar phuong pilar pinar piyush pooja poonam prachi pradeep pragya prakash pranav prasad prashant pratibha praveen ' +
  'predrag preeti priya qasim quang rabia rachana radek radha radka radmila radovan radu raed ragnhild rahma rahul rajan rajat rajendra rajesh rajiv ' +
  'rajni rakesh raluca ramesh ramzi ranjit ranko rasha rashid rashmi ratko razvan recep reem rekha renu reza riad riikka ritesh ritika ritu rivka rocio ' +
  'rohan rohit roisin roshni rotimi rudo rupa ruqayya ryszard saad sabah sabri sachin safiya sahar sahil sahra sakura saleh salma salwa samarth sami ' +
  'samir samira sandeep sangeeta sanja sanjay saoirse sarka satish satoshi saurabh savita sawsan seema segun selim selin sema seojun sergey serkan sevgi ' +
  'shadi shahad shalini shankar shanti sharmila shashi shilpa shira shirin shivam shlomo shobha shreya shweta sian siavash siddharth siham silke simran ' +
  'sinead sipho slavica slavko slawomir slobodan smita sneha snezana solveig sonali sonam soraya soren sorin sourav srdjan srinivas stjepan suad subhash ' +
  'sudha sudhir suha sujata sumaya sumit sungmin sunil sunita suresh sushma svetlana swati sylvain sylvie sylwia szabolcs szilvia szymon tadhg taha taher ' +
  'taiwo takashi tanvi taras tarek tariq tarun tasnim tatenda tayo tejas temitope tendai thabo thandiwe themba thiago thierry thuy tiago tibor tihomir ' +
  'timo titilayo toluwani tomasz tomislav torsten trang tuan tugba tuncay tunde tushar uche uday ugochi ugonna umar umesh urszula usama usha utkarsh uwe ' +
  'vandana vani varun vasant vasile venkatesh vesna vidya vijay vikram vimala vinay vincenzo vinicius vinod viorel vipin vishal vivek vjekoslav vladimira ' +
  'vlastimil volkan wael wafa walid wambui wanjiku warsame wei widad wieslaw wissam witold wladyslaw wojciech xiaoming ximena xin xiu yaakov yael yahya ' +
  'yash yasmine yavuz yetunde yewande yildiz ying yitzhak yogesh yousef youssef yuki yusuf yuto zahra zaid zainab zainabu zakaria zanele zayd zaynab ' +
  'zbigniew zdenek zdenka zdzislaw zeynep ziad zofia zoltan zoran zsofia zsolt zsuzsanna zuzanna zvonimir'
).split(' ');
