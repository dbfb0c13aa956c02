import type { Link, Medium, Place } from './shape.ts'

// By what Halvern's groups, posts and agencies tell each other, and where they meet.

export const media: Medium[] = [
  { code: 'talk-group', name: 'Emergency talk group (radio)', dependsOn: ['radio-network'] },
  { code: 'hotline', name: 'Direct line between control rooms', dependsOn: ['fixed-network'] },
  { code: 'mobile', name: 'Mobile telephone', dependsOn: ['mobile-network'] },
  { code: 'landline', name: 'Landline', dependsOn: ['fixed-network'] },
  { code: 'video', name: 'Video meeting', dependsOn: ['internet'] },
  { code: 'mail', name: 'Mail', dependsOn: ['internet'] },
  { code: 'secure-chat', name: 'Secure messages', dependsOn: ['internet', 'mobile-network'] },
  { code: 'shared-desk', name: 'Shared desk in Concord', dependsOn: ['internet'] },
  { code: 'satellite', name: 'Satellite telephone', dependsOn: ['satellite-network'] },
  { code: 'liaison', name: 'Liaison officer, in person', dependsOn: [] },
  { code: 'runner', name: 'Runner between rooms', dependsOn: [] },
  { code: 'volunteer-radio', name: 'Volunteer radio', dependsOn: [] },
]

export const places: Place[] = [
  { code: 'ORREL-HOUSE', name: 'Orrel House, strategic rooms' },
  { code: 'FIRE-HQ', name: 'Fire Headquarters, tactical room' },
  { code: 'POLICE-HQ', name: 'Police Headquarters' },
  { code: 'CITY-HALL', name: 'Halvern City Hall' },
  { code: 'AMB-HQ', name: 'Ambulance Headquarters' },
  { code: 'HEALTH-HOUSE', name: 'Orrel Health House' },
  { code: 'GENERAL-HOSPITAL', name: 'Halvern General Hospital' },
  { code: 'LOWMOOR', name: 'Lowmoor reserve centre' },
]

// from kind to | primary/backup | last tested | what it carries
const lines = `
group:SCG directs group:TCG | video/liaison | 2026-02-17 | strategy; priorities between agencies
group:TCG reports group:SCG | video/liaison | 2026-02-17 | situation; requests; what it cannot decide
group:SCG requests group:STAC | video/mobile | 2026-01-20 | questions for advice
group:STAC informs group:SCG | video/mobile | 2026-01-20 | agreed advice; its uncertainty
group:MAIC informs group:SCG | shared-desk/runner | 2026-02-17 | common picture
group:MAIC informs group:TCG | shared-desk/talk-group | 2026-02-17 | common picture
group:TCG requests group:MAIC | talk-group/mobile | 2026-02-17 | questions about the picture
group:SCG directs group:COMMS | video/mail | 2026-02-17 | lines to take; clearance
group:COMMS reports group:SCG | video/mobile | 2026-02-17 | statements; rumours
group:COMMS liaises group:MAIC | shared-desk/mobile | 2026-02-17 | facts for statements
group:SCG informs group:RCG | video/mobile | 2025-11-06 | strategy; likely end of response
group:RCG liaises group:SCG | video/mobile | 2025-11-06 | what recovery will need
group:HUM reports group:RCG | video/mobile | 2025-11-06 | people helped; people waiting
group:TCG requests group:HUM | mobile/talk-group | 2025-11-06 | centres to open
group:HUM requests group:VSG | mobile/landline | 2025-11-06 | volunteers; beds; interpreters
group:VSG reports group:HUM | mobile/landline | 2025-11-06 | offers; who is where
group:LRP informs group:SCG | mail/landline | 2025-12-02 | plans; lessons
group:LRP liaises group:RCG | mail/landline | 2025-12-02 | plans; lessons
post:HAL-PCR-DUT liaises post:HAL-FCR-DUT | hotline/talk-group | 2026-03-02 | calls passed on; M/ETHANE
post:HAL-FCR-DUT liaises post:HAL-PCR-DUT | hotline/talk-group | 2026-03-02 | calls passed on; M/ETHANE
post:HAL-PCR-DUT liaises post:HAL-ACR-DUT | hotline/talk-group | 2026-03-02 | calls passed on; M/ETHANE
post:HAL-ACR-DUT liaises post:HAL-PCR-DUT | hotline/talk-group | 2026-03-02 | calls passed on; M/ETHANE
post:HAL-FCR-DUT liaises post:HAL-ACR-DUT | hotline/talk-group | 2026-03-02 | calls passed on; M/ETHANE
post:HAL-ACR-DUT liaises post:HAL-FCR-DUT | hotline/talk-group | 2026-03-02 | calls passed on; M/ETHANE
post:EXA-TPO-DUT liaises post:HAL-PCR-DUT | talk-group/mobile | 2026-02-10 | incidents on the railway
post:HAL-PCR-DUT informs post:EXA-TPO-DUT | talk-group/mobile | 2026-02-10 | incidents near the railway
post:HAL-PCR-DUT informs post:HAL-RES-WO1 | landline/mobile | 2026-03-09 | first warning; M/ETHANE
post:HAL-FCR-DUT informs post:HAL-RES-WO1 | landline/mobile | 2026-03-09 | first warning; M/ETHANE
post:HAL-ACR-DUT informs post:HAL-RES-WO1 | landline/mobile | 2026-03-09 | first warning; M/ETHANE
post:HAL-RES-WO1 reports post:HAL-RES-WMG | mobile/landline | 2026-03-09 | warnings; proposed level
post:HAL-RES-WMG informs post:HAL-POL-SCG | mobile/satellite | 2026-03-09 | activation
post:HAL-RES-WMG informs post:HAL-CIT-SCG | mobile/satellite | 2026-03-09 | activation
post:HAL-RES-WO1 informs post:HAL-POL-DUT | landline/mobile | 2026-03-09 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-FRS-DUT | landline/mobile | 2026-03-09 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-AMB-DUT | landline/mobile | 2026-03-09 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-CIT-DUT | mobile/landline | 2026-03-09 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-HHS-DUT | mobile/landline | 2026-03-09 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-PHA-DUT | mobile/landline | 2026-03-09 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-TRB-DUT | mobile/landline | 2026-03-09 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-HRB-DUT | mobile/- | 2025-05-14 | call-out; warning
post:HAL-RES-WO1 informs post:HAL-PWG-DUT | mail/video | 2025-10-08 | call-out; warning
post:HAL-PWG-DUT informs post:HAL-RES-WO1 | mail/video | 2025-10-08 | outages
post:HAL-WAT-DUT informs post:HAL-RES-WO1 | mobile/landline | 2025-10-08 | outages
post:HAL-TEL-DUT informs post:HAL-RES-WO1 | landline/mobile | 2025-10-08 | outages
post:HAL-MOB-DUT informs post:HAL-RES-WO1 | landline/satellite | - | outages
post:EXA-WEA-DUT informs post:HAL-RES-WO1 | mail/landline | 2026-02-26 | weather warnings
post:EXA-GOV-DUT liaises post:HAL-POL-SCG | secure-chat/mobile | 2025-12-11 | national picture; requests
post:EXA-MIL-DUT liaises post:HAL-POL-DUT | secure-chat/satellite | 2025-12-11 | requests for help
post:BRN-RES-DUT liaises post:HAL-RES-WO1 | mobile/landline | 2026-01-28 | what crosses the border
post:HAL-POL-DUT reports post:HAL-POL-SCG | talk-group/mobile | 2026-02-17 | situation
post:HAL-POL-SIO informs post:HAL-POL-SCG | secure-chat/liaison | - | what the inquiry allows to be told
post:HAL-FRS-DUT reports post:HAL-FRS-TCG | talk-group/mobile | 2026-02-17 | situation
post:HAL-AMB-DUT reports post:HAL-AMB-TCG | talk-group/mobile | 2026-02-17 | situation; casualties
post:HAL-HGH-SIT informs post:HAL-ACR-DUT | hotline/talk-group | 2026-02-24 | beds; theatres
post:HAL-HCH-DUT informs post:HAL-ACR-DUT | hotline/mobile | 2026-02-24 | beds; theatres
post:HAL-HHS-DUT informs group:STAC | video/mobile | 2026-01-20 | health system state
post:HAL-ROA-DUT informs post:HAL-TRB-DUT | talk-group/mobile | 2026-01-13 | roads closed
post:HAL-RAI-DUT informs post:EXA-TPO-DUT | hotline/mobile | 2026-01-13 | trains stopped; people waiting
post:HAL-TRB-DUT informs group:MAIC | shared-desk/mobile | 2026-01-13 | transport state
post:HAL-ORV-DUT liaises post:HAL-CIT-DUT | mobile/landline | 2025-11-06 | centres; staff
agency:HAL-UNI informs group:STAC | mail/video | 2025-06-03 | modelling
agency:HAL-FTH liaises group:VSG | mobile/landline | 2025-11-06 | places of worship; families
agency:HAL-AFT informs group:HUM | mobile/landline | 2025-11-06 | what survivors ask for
post:HAL-COR-DUT liaises post:HAL-POL-SIO | landline/mobile | 2025-09-18 | identification; families
agency:HAL-SCH informs post:HAL-CIT-DUT | mobile/landline | 2025-11-06 | children in school
agency:HAL-BIZ informs post:HAL-CIT-DUT | mobile/mail | - | shops closed; people sheltering`

export const links: Link[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [who = '', by = '', tested = '', carries = ''] = line.split(' | ')
    const [from = '', kind = '', to = ''] = who.split(' ')
    const [primary = '', backup = ''] = by.split('/')
    return {
      from,
      kind: kind as Link['kind'],
      to,
      primary,
      ...(backup === '-' ? {} : { backup }),
      carries: carries.split('; '),
      ...(tested === '-' ? {} : { testedAt: tested }),
    }
  })
